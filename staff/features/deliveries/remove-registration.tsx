import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { removeRegistration } from '#shared/registrations.ts';
import { call } from '../../lib/call.ts';
import { useWords } from '../../lib/language.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { deliveryTexts } from './texts.ts';

/** For a registration made by mistake; afterwards there is nothing to look at here. */
export function RemoveRegistration({ deliveryId }: { deliveryId: string }) {
  const w = useWords(deliveryTexts);
  const navigate = useNavigate();
  const { message } = App.useApp();
  return (
    <ReasonButton
      label={w.removeRegistration}
      title={w.removeTitle}
      explain={w.removeHelp}
      danger
      run={(reason) => call(removeRegistration, { params: { deliveryId }, body: { reason } })}
      topics={['deliveries']}
      onDone={() => {
        void message.success(w.removedDone);
        void navigate({ to: '/deliveries' });
      }}
    />
  );
}
