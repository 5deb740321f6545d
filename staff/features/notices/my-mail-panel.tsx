import { App, Button, Form, Input, Segmented } from 'antd';
import {
  getNoticePreferences,
  type MailChoice,
  mailChoiceLabels,
  mailChoices,
  saveNoticePreferences,
  testMyMail,
} from '#shared/notice-channels.ts';
import type { RouteReply } from '#shared/route.ts';
import { call } from '../../lib/call.ts';
import { useLang, useWords } from '../../lib/language.ts';
import { useAction, useRead } from '../../lib/query.ts';
import { sayMoment } from '../../lib/time.ts';
import { Async, ErrorNotice } from '../../ui/async.tsx';
import { Section } from '../../ui/page.tsx';
import { useSayError } from '../../ui/say-error.ts';
import { StateMark, type Tone } from '../../ui/state-mark.tsx';
import { noticeTexts } from './texts.ts';

type Preferences = RouteReply<typeof getNoticePreferences>;
type Values = { mail?: string; mailWhen: MailChoice };

export function MyMailPanel() {
  const w = useWords(noticeTexts);
  const preferences = useRead(getNoticePreferences, ['notices'], {});
  return (
    <Section title={w.mine}>
      <p className="quiet">{w.mineHelp}</p>
      <Async reading={preferences}>{(found) => <MailForm preferences={found} />}</Async>
    </Section>
  );
}

function MailForm({ preferences }: { preferences: Preferences }) {
  const w = useWords(noticeTexts);
  const lang = useLang();
  const { message } = App.useApp();
  const sayError = useSayError();
  const save = useAction(
    (values: Values) =>
      call(saveNoticePreferences, {
        body: { mail: values.mail?.trim() || null, mailWhen: values.mailWhen },
      }),
    { topics: ['notices'], onDone: () => void message.success(w.saved) },
  );
  const test = useAction(() => call(testMyMail), {
    topics: ['notices'],
    onDone: () => void message.info(w.testing),
    onFailed: sayError,
  });
  return (
    <Form<Values>
      layout="vertical"
      className="notice-form"
      initialValues={{ mail: preferences.mail ?? '', mailWhen: preferences.mailWhen }}
      onFinish={(values) => save.mutate(values)}
      data-testid="my-mail"
    >
      {preferences.mailReady ? null : (
        <p>
          <StateMark tone="warn">{w.mailNotReady}</StateMark>
        </p>
      )}
      <Form.Item name="mail" label={w.mail} rules={[{ type: 'email', message: w.mailWrong }]}>
        <Input maxLength={120} autoComplete="email" inputMode="email" />
      </Form.Item>
      <Form.Item name="mailWhen" label={w.mailWhen}>
        <Segmented options={mailChoices.map((value) => ({ value, label: mailChoiceLabels[value][lang] }))} />
      </Form.Item>
      {save.error ? <ErrorNotice error={save.error} /> : null}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {w.save}
        </Button>
        <Button
          disabled={preferences.mail === null || !preferences.mailReady}
          loading={test.isPending}
          onClick={() => test.mutate(undefined)}
          data-testid="my-mail-test"
        >
          {w.test}
        </Button>
        <LastMail last={preferences.lastMail} />
      </div>
    </Form>
  );
}

const tones = { waiting: 'busy', sent: 'good', failed: 'bad' } as const satisfies Record<string, Tone>;

function LastMail({ last }: { last: Preferences['lastMail'] }) {
  const w = useWords(noticeTexts);
  const lang = useLang();
  if (last === null) return null;
  const words = { waiting: w.mailWaiting, sent: w.mailSent, failed: w.mailFailed };
  return (
    <span className="quiet" data-testid="last-mail">
      {w.lastMail} <span className="number">{sayMoment(last.at, lang)}</span>{' '}
      <StateMark tone={tones[last.state]}>
        {words[last.state]}
        {last.error ? ` (${last.error})` : ''}
      </StateMark>
    </span>
  );
}
