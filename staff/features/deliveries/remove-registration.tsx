import { useNavigate } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useState } from 'react';
import { removeRegistration } from '#shared/registrations.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { useAction } from '../../lib/query.ts';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { deliveryTexts } from './texts.ts';

/** For a registration made by mistake; afterwards there is nothing to look at here. */
export function RemoveRegistration({ deliveryId }: { deliveryId: string }) {
  const w = useWords(deliveryTexts);
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const remove = useAction(
    (reason: string) => call(removeRegistration, { params: { deliveryId }, body: { reason } }),
    {
      topics: ['deliveries'],
      onDone: () => {
        void message.success(w.removedDone);
        void navigate({ to: '/deliveries' });
      },
    },
  );
  return (
    <>
      <Button onClick={() => setAsking(true)}>{w.removeRegistration}</Button>
      {asking ? (
        <ReasonDialog
          title={w.removeTitle}
          explain={w.removeHelp}
          confirm={w.removeRegistration}
          danger
          busy={remove.isPending}
          error={remove.error}
          onConfirm={(reason) => remove.mutate(reason)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
