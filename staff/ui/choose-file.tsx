import { Button } from 'antd';
import { useRef } from 'react';

/** A button that opens the file dialog; the same file may be chosen again after it was mended. */
export function ChooseFile({
  label,
  accept,
  busy,
  onChoose,
  testId,
}: {
  label: string;
  accept: string;
  busy: boolean;
  onChoose: (file: File) => void;
  testId?: string;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button loading={busy} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        aria-label={label}
        data-testid={testId}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onChoose(file);
        }}
      />
    </>
  );
}
