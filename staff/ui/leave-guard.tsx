import { useBlocker } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useWords } from '../lib/language.ts';
import { uiTexts } from './texts.ts';

/** Asks before somebody leaves a page with changes that are not saved. */
export function LeaveGuard({ when }: { when: boolean }) {
  const w = useWords(uiTexts);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
    enableBeforeUnload: when,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <Modal
      open
      title={w.unsavedTitle}
      okText={w.stay}
      cancelText={w.leave}
      cancelButtonProps={{ danger: true, 'data-testid': 'leave-anyway' }}
      onOk={reset}
      onCancel={proceed}
      closable={false}
      maskClosable={false}
    >
      <p>{w.unsavedHelp}</p>
    </Modal>
  );
}
