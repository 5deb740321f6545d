import { useParams } from '@tanstack/react-router';

/** One named part of the current address; its absence is a mistake in the route table. */
export function useParam(name: string): string {
  const params = useParams({ strict: false }) as Record<string, string | undefined>;
  const value = params[name];
  if (value === undefined) throw new Error(`address has no ${name}`);
  return value;
}

/** A path of the staff app as the server writes it, with or without the /desk in front. */
export function deskPath(path: string): string {
  return path.replace(/^\/desk(?=\/|$)/, '') || '/';
}
