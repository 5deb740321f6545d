import { Button } from 'antd';
import { useRef } from 'react';
import type { MediaKind } from '#shared/media.ts';
import { useWords } from '../../lib/language.ts';
import { mediaTexts } from './texts.ts';

/** A phone offers its camera roll for these; JPEG is named, so that it converts its own format. */
const accepted = {
  picture: 'image/jpeg,image/png,image/gif,image/webp',
  video: 'video/mp4,video/quicktime,.mp4,.mov',
} as const satisfies Record<MediaKind, string>;

type UploadButtonProps = {
  kind?: MediaKind | undefined;
  primary?: boolean;
  onFiles: (files: File[]) => void;
};

export function UploadButton({ kind, primary = false, onFiles }: UploadButtonProps) {
  const w = useWords(mediaTexts);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        type={primary ? 'primary' : 'default'}
        onClick={() => input.current?.click()}
        data-testid="media-upload"
      >
        {w.upload}
      </Button>
      <input
        ref={input}
        type="file"
        multiple={kind !== 'video'}
        hidden
        accept={kind ? accepted[kind] : `${accepted.picture},${accepted.video}`}
        aria-label={w.upload}
        data-testid="media-input"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
