export function App() {
  return <p>Stint</p>;
}
