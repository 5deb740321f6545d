import { Modal, Segmented } from 'antd';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { type Crop, type CropRatio, cropMedia, cropRatios, type MediaItem } from '#shared/media.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { largestCrop, moveCrop, resizeCrop, shapeOf } from './crop-geometry.ts';
import { mediaTexts } from './texts.ts';

type CropDialogProps = { item: MediaItem; onDone: (cut: MediaItem) => void; onClose: () => void };

const moves: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function CropDialog({ item, onDone, onClose }: CropDialogProps) {
  const w = useWords(mediaTexts);
  const size = { width: item.width ?? 1, height: item.height ?? 1 };
  const [ratio, setRatio] = useState<CropRatio | 'free'>('16:9');
  const value = ratio === 'free' ? null : shapeOf(ratio);
  const [crop, setCrop] = useState<Crop>(() => largestCrop(size, value));
  const stage = useRef<HTMLDivElement>(null);
  const save = useAction(() => call(cropMedia, { params: { fileId: item.id }, body: { crop } }), {
    topics: ['media'],
    onDone,
  });
  const pull = (event: PointerEvent<HTMLElement>, change: (dx: number, dy: number) => Crop) => {
    event.preventDefault();
    event.stopPropagation();
    const scale = size.width / (stage.current?.clientWidth || size.width);
    const { clientX, clientY, pointerId, currentTarget } = event;
    currentTarget.setPointerCapture(pointerId);
    currentTarget.onpointermove = (moved) =>
      setCrop(change((moved.clientX - clientX) * scale, (moved.clientY - clientY) * scale));
    currentTarget.onpointerup = () => {
      currentTarget.onpointermove = null;
    };
  };
  const press = (event: KeyboardEvent) => {
    const step = Math.max(1, Math.round(size.width / 100));
    const move = moves[event.key];
    const grow = event.key === '+' || event.key === '=' ? step : event.key === '-' ? -step : 0;
    if (!move && grow === 0) return;
    event.preventDefault();
    setCrop(
      move
        ? moveCrop(crop, move[0] * step, move[1] * step, size)
        : resizeCrop(crop, grow, value ? grow / value : grow, value, size),
    );
  };
  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
  return (
    <Modal
      open
      title={w.cropTitle}
      width={760}
      okText={w.cropSave}
      okButtonProps={{ loading: save.isPending, 'data-testid': 'crop-save' }}
      onOk={() => save.mutate(undefined)}
      onCancel={onClose}
    >
      <Segmented<CropRatio | 'free'>
        value={ratio}
        className="crop-ratios"
        onChange={(next) => {
          setRatio(next);
          setCrop(largestCrop(size, next === 'free' ? null : shapeOf(next)));
        }}
        options={[...cropRatios, { value: 'free' as const, label: w.free }]}
        data-testid="crop-ratio"
      />
      <p className="quiet">{w.cropHelp}</p>
      <div className="crop-stage" ref={stage}>
        <img src={item.url} alt={item.alt} draggable={false} />
        <div
          className="crop-frame"
          role="application"
          aria-label={`${w.cropFrame} ${crop.width}×${crop.height}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the frame is moved with the keyboard
          tabIndex={0}
          style={{
            left: percent(crop.x, size.width),
            top: percent(crop.y, size.height),
            width: percent(crop.width, size.width),
            height: percent(crop.height, size.height),
          }}
          onPointerDown={(event) => pull(event, (dx, dy) => moveCrop(crop, dx, dy, size))}
          onKeyDown={press}
          data-testid="crop-frame"
        >
          <span
            className="crop-corner"
            onPointerDown={(event) => pull(event, (dx, dy) => resizeCrop(crop, dx, dy, value, size))}
          />
        </div>
      </div>
      <p className="number quiet">
        {crop.width}×{crop.height}
      </p>
      {save.error ? <ErrorNotice error={save.error} /> : null}
    </Modal>
  );
}
