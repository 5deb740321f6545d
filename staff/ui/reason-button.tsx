import { Button, type ButtonProps } from 'antd';
import { useState } from 'react';
import { type Topic, useAction } from '../lib/query.ts';
import { ReasonDialog } from './reason-dialog.tsx';

type ReasonButtonProps<R> = {
  label: string;
  title: string;
  explain?: string;
  /** Of the button that confirms. */
  danger?: boolean;
  run: (reason: string) => Promise<R>;
  topics: readonly Topic[];
  onDone?: (reply: R) => void;
  button?: Pick<ButtonProps, 'danger' | 'size'>;
  testId?: string;
};

/** A button that asks why before it does anything. */
export function ReasonButton<R>({
  label,
  title,
  run,
  topics,
  onDone,
  button,
  testId,
  ...dialog
}: ReasonButtonProps<R>) {
  const [asking, setAsking] = useState(false);
  const action = useAction(run, {
    topics,
    onDone: (reply) => {
      setAsking(false);
      onDone?.(reply);
    },
  });
  return (
    <>
      <Button {...button} onClick={() => setAsking(true)} data-testid={testId}>
        {label}
      </Button>
      {asking ? (
        <ReasonDialog
          {...dialog}
          title={title}
          confirm={label}
          busy={action.isPending}
          error={action.error}
          onConfirm={(reason) => action.mutate(reason)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
