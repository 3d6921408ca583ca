export interface RowReference {
  readonly tableName: string;
  readonly rowId: string;
}

export const computeRowKey = ({ tableName, rowId }: RowReference): string =>
  `${tableName}/${rowId}`;
