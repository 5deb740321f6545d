/**
 * Who may import whom (docs: ARCHITECTURE, "Direction"). Lower parts know nothing of higher ones; what a lower part needs
 * from above is handed to it where all meet, in `server/*.ts`.
 */

/** A module may use those before it. `audit` lies under all of them. */
export const moduleOrder = [
  ...[
    'audit',
    'people',
    'notices',
    'accounts',
    'content',
    'review',
    'planning',
    'publishing',
    'services',
    'inbox',
  ],
  ...['insight', 'activities', 'analytics', 'assessment', 'home'],
] as const;

export type Layer =
  | {
      kind:
        | 'shared'
        | 'base'
        | 'contract'
        | 'registry'
        | 'site'
        | 'staff'
        | 'sandbox'
        | 'composition'
        | 'free';
    }
  | { kind: 'connector' | 'module'; name: string };

export function layerOf(path: string): Layer {
  const [top = '', second = '', third = ''] = path.split('/');
  if (top === 'shared' || top === 'site' || top === 'staff' || top === 'sandbox') return { kind: top };
  if (top === 'connectors') {
    if (third) return { kind: 'connector', name: second };
    // Group robots stand beside the platforms: `robots.ts` knows those in `robots/`, as `registry.ts` the connectors.
    return { kind: ['registry.ts', 'robots.ts'].includes(second) ? 'registry' : 'contract' };
  }
  if (top !== 'server') return { kind: 'free' };
  if (second === 'base') return { kind: 'base' };
  return second === 'modules' && third ? { kind: 'module', name: third } : { kind: 'composition' };
}

const below: Readonly<Record<Layer['kind'], readonly Layer['kind'][]>> = {
  shared: [],
  base: ['shared'],
  contract: ['shared'],
  connector: ['contract', 'base', 'shared'],
  registry: ['contract', 'connector'],
  module: ['base', 'shared', 'contract', 'registry', 'module'],
  site: ['module', 'base', 'shared'],
  staff: ['shared'],
  sandbox: [],
  composition: ['shared', 'base', 'contract', 'registry', 'connector', 'module', 'site'],
  free: [
    'shared',
    'base',
    'contract',
    'registry',
    'connector',
    'module',
    'site',
    'staff',
    'sandbox',
    'composition',
  ],
};

/** Why `from` may not import `to`; null when it may. */
export function refuseImport(from: string, to: string): string | null {
  const [source, target] = [layerOf(from), layerOf(to)];
  if (source.kind === target.kind && !('name' in source && 'name' in target)) return null;
  if ('name' in source && 'name' in target && source.kind === target.kind && source.name === target.name)
    return null;
  if (!below[source.kind].includes(target.kind)) return `${source.kind} must not know ${target.kind}`;
  if (target.kind !== 'module' || !('name' in target) || source.kind === 'free') return null;
  if (source.kind === 'module' && 'name' in source && !isBefore(target.name, source.name))
    return `${target.name} does not come before ${source.name}`;
  return /^server\/modules\/[^/]+\/index\.ts$/.test(to)
    ? null
    : `only the index.ts of ${target.name} is open to others`;
}

function isBefore(lower: string, higher: string): boolean {
  const order: readonly string[] = moduleOrder;
  const [first, second] = [order.indexOf(lower), order.indexOf(higher)];
  return first >= 0 && second >= 0 && first < second;
}
