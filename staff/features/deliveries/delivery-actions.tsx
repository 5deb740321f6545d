import { App, Button, DatePicker, Modal, Radio } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import {
  cancelDelivery,
  checkDeliveryNow,
  type Delivery,
  type DeliveryState,
  holdDelivery,
  releaseDelivery,
  retryDelivery,
} from '#shared/publishing.ts';
import { call } from '../../lib/call.ts';
import { fill, useLang, useWords } from '../../lib/language.ts';
import { useMay } from '../../lib/me.ts';
import { useAction } from '../../lib/query.ts';
import { dayOf, sayWall, wallOf } from '../../lib/time.ts';
import { ErrorNotice } from '../../ui/async.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { RemoveRegistration } from './remove-registration.tsx';
import { deliveryTexts } from './texts.ts';
import { WithdrawButton } from './withdrawal-panel.tsx';

const notYetOut: readonly DeliveryState[] = ['planned', 'due', 'preparing', 'prepared', 'held', 'handed-off'];
const holdable: readonly DeliveryState[] = ['planned', 'due', 'preparing', 'prepared'];
const checkable: readonly DeliveryState[] = ['pending', 'unknown'];

const withdrawable: readonly DeliveryState[] = ['submitting', 'pending', 'published', 'unknown'];

type Dialog = 'hold' | 'release' | 'cancel' | null;

/** What may be done in this state; the server decides again. */
export function DeliveryActions({ delivery }: { delivery: Delivery }) {
  const w = useWords(deliveryTexts);
  const { message } = App.useApp();
  const sayError = useSayError();
  const manages = useMay('delivery.manage');
  const [dialog, setDialog] = useState<Dialog>(null);
  const params = { deliveryId: delivery.id };
  const done = (words: string) => () => {
    setDialog(null);
    void message.success(words);
  };
  const options = { topics: ['deliveries'] as const };
  const hold = useAction((reason: string) => call(holdDelivery, { params, body: { reason } }), {
    ...options,
    onDone: done(w.heldDone),
  });
  const cancel = useAction((reason: string) => call(cancelDelivery, { params, body: { reason } }), {
    ...options,
    onDone: done(w.cancelledDone),
  });
  const release = useAction(
    (plannedWall: string | null) => call(releaseDelivery, { params, body: { plannedWall } }),
    {
      ...options,
      onDone: done(w.releasedDone),
    },
  );
  const retry = useAction(() => call(retryDelivery, { params }), {
    ...options,
    onDone: done(w.retriedDone),
    onFailed: sayError,
  });
  const check = useAction(() => call(checkDeliveryNow, { params }), {
    ...options,
    onDone: done(w.checking),
    onFailed: sayError,
  });
  const { state } = delivery;
  return (
    <>
      {checkable.includes(state) && delivery.mode === 'api' ? (
        <Button
          loading={check.isPending}
          onClick={() => check.mutate(undefined)}
          data-testid="delivery-check"
        >
          {w.check}
        </Button>
      ) : null}
      {manages && state === 'failed' ? (
        <Button
          type="primary"
          loading={retry.isPending}
          onClick={() => retry.mutate(undefined)}
          data-testid="delivery-retry"
        >
          {w.retry}
        </Button>
      ) : null}
      {manages && state === 'held' ? (
        <Button type="primary" onClick={() => setDialog('release')} data-testid="delivery-release">
          {w.release}
        </Button>
      ) : null}
      {manages && holdable.includes(state) ? (
        <Button onClick={() => setDialog('hold')} data-testid="delivery-hold">
          {w.hold}
        </Button>
      ) : null}
      {manages && notYetOut.includes(state) ? (
        <Button onClick={() => setDialog('cancel')} data-testid="delivery-cancel">
          {w.cancel}
        </Button>
      ) : null}
      {manages && withdrawable.includes(state) ? <WithdrawButton of={params} /> : null}
      {manages && delivery.mode === 'registered' && state === 'published' ? (
        <RemoveRegistration deliveryId={delivery.id} />
      ) : null}
      {dialog === 'hold' ? (
        <ReasonDialog
          title={w.holdTitle}
          explain={w.holdHelp}
          confirm={w.hold}
          busy={hold.isPending}
          error={hold.error}
          onConfirm={(reason) => hold.mutate(reason)}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'cancel' ? (
        <ReasonDialog
          title={w.cancelTitle}
          explain={w.cancelHelp}
          confirm={w.cancel}
          danger
          busy={cancel.isPending}
          error={cancel.error}
          onConfirm={(reason) => cancel.mutate(reason)}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'release' ? (
        <ReleaseDialog
          plannedWall={delivery.plannedWall}
          busy={release.isPending}
          error={release.error}
          onRelease={(wall) => release.mutate(wall)}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </>
  );
}

type ReleaseDialogProps = {
  plannedWall: string;
  busy: boolean;
  error: unknown;
  onRelease: (plannedWall: string | null) => void;
  onClose: () => void;
};

function ReleaseDialog({ plannedWall, busy, error, onRelease, onClose }: ReleaseDialogProps) {
  const w = useWords(deliveryTexts);
  const lang = useLang();
  // Whose time has not come yet goes back to its plan; that is what releasing usually means.
  const [ahead] = useState(plannedWall > wallOf(new Date()));
  const [when, setWhen] = useState<'planned' | 'now' | 'at'>(ahead ? 'planned' : 'now');
  const [wall, setWall] = useState<string | null>(null);
  const chosen = when === 'planned' ? plannedWall : when === 'at' ? wall : null;
  const format = 'YYYY-MM-DD HH:mm';
  return (
    <Modal
      open
      title={w.releaseTitle}
      okText={w.release}
      confirmLoading={busy}
      okButtonProps={{ disabled: when === 'at' && wall === null, 'data-testid': 'release-confirm' }}
      onOk={() => onRelease(chosen)}
      onCancel={onClose}
    >
      <div className="row">
        <Radio.Group
          value={when}
          onChange={(event) => setWhen(event.target.value as typeof when)}
          options={[
            ...(ahead
              ? [{ value: 'planned', label: fill(w.releaseAsPlanned, { time: sayWall(plannedWall, lang) }) }]
              : []),
            { value: 'now', label: w.releaseNow },
            { value: 'at', label: w.releaseAt },
          ]}
        />
        {when === 'at' ? (
          <DatePicker
            showTime={{ format: 'HH:mm' }}
            format={format}
            needConfirm={false}
            minDate={dayjs(dayOf(new Date()))}
            onChange={(value) => setWall(value ? value.format(format) : null)}
          />
        ) : null}
      </div>
      {error ? <ErrorNotice error={error} /> : null}
    </Modal>
  );
}
