import { PackagePayload } from '#shared/package.ts';
import { Json } from './json.tsx';

/** The frozen content that is, or would be, sent; pictures are named by their hash and not loaded here. */
export function SentContent({ payload }: { payload: unknown }) {
  const parsed = PackagePayload.safeParse(payload);
  if (!parsed.success) return <Json value={payload} />;
  const { title, digest, body } = parsed.data;
  const words =
    body.kind === 'text'
      ? body.value
      : new DOMParser().parseFromString(body.value.replace(/<\/(p|h\d|li)>/g, '$&\n'), 'text/html').body
          .textContent;
  return (
    <div data-testid="sent-content">
      {title ? <strong>{title}</strong> : null}
      {digest ? <p className="quiet">{digest}</p> : null}
      <p className="prose sent-words">{words}</p>
    </div>
  );
}
