import { useMemo } from 'react';
import { renderSVG } from 'uqr';

/** A QR code as an image; `text` is usually an address for the phone. */
export function Qr({ text, label }: { text: string; label: string }) {
  const source = useMemo(
    () => `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { border: 2 }))}`,
    [text],
  );
  return <img className="qr" src={source} alt={label} width={184} height={184} />;
}
