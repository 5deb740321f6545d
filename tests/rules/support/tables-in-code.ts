const inBuilder =
  /\b(?:selectFrom|innerJoin|leftJoin|rightJoin|fullJoin|crossJoin|insertInto|updateTable|deleteFrom|mergeInto|using|from)\(\s*\[?\s*['"`]([\w.]+)/g;
const inSql = /\b(?:from|join|into|update)\s+(?:only\s+)?([a-z][\w.]*)/g;

/** Names of tables that a file's SQL reads or writes, each once. */
export function findTables(code: string, tables: ReadonlySet<string>): string[] {
  const names = [...code.matchAll(inBuilder), ...code.matchAll(inSql)].map((match) => match[1]!);
  return [...new Set(names.filter((name) => tables.has(name)))].toSorted();
}
