type Node = { path: string; imports: readonly { path: string | null; typeOnly: boolean }[] };

/** Every ring of run-time imports that a depth-first walk meets, as `a → b → a`. */
export function findCycles(files: readonly Node[]): string[] {
  const graph = new Map(
    files.map((file) => [
      file.path,
      file.imports.flatMap((one) => (one.typeOnly || !one.path ? [] : [one.path])),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const back = trail.indexOf(path);
    if (back >= 0) {
      found.push([...trail.slice(back), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}
