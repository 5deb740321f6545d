import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { useWords } from '../lib/language.ts';
import { uiTexts } from './texts.ts';

type CopyButtonProps = { text: string; label?: string; size?: 'small' | 'middle' | 'large'; testId?: string };

export function CopyButton({ text, label, size = 'small', testId }: CopyButtonProps) {
  const w = useWords(uiTexts);
  const { message } = App.useApp();
  const [done, setDone] = useState(false);
  const copy = async () => {
    const worked = await copyText(text);
    setDone(worked);
    if (!worked) message.warning(w.copyFailed);
  };
  return (
    <Button
      size={size}
      icon={done ? <CheckOutlined /> : <CopyOutlined />}
      onClick={() => void copy()}
      data-testid={testId}
    >
      {done ? w.copied : (label ?? w.copy)}
    </Button>
  );
}
