export const readDependencies = (dependsOnJson: string | null): string[] =>
  dependsOnJson === null ? [] : (JSON.parse(dependsOnJson) as string[]);

/** Whether following what comes before `taskId` leads back to it. */
export function findCycle(
  dependencies: ReadonlyMap<string, readonly string[]>,
  taskId: string,
): boolean {
  const seen = new Set<string>();
  const open = [...(dependencies.get(taskId) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === taskId) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(dependencies.get(id) ?? []));
  }
  return false;
}
