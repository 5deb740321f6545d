import { useWords } from '../../lib/language.ts';
import { Page, Section } from '../../ui/page.tsx';
import { ManyPosts } from './many-posts.tsx';
import { OnePost } from './one-post.tsx';
import { registrationTexts } from './texts.ts';

/** Posts that were published elsewhere: one by its link, many from a sheet. */
export function RegisterScreen() {
  const w = useWords(registrationTexts);
  return (
    <Page title={w.title} testId="registrations">
      <p className="quiet">{w.help}</p>
      <Section title={w.one}>
        <OnePost />
      </Section>
      <Section title={w.many}>
        <ManyPosts />
      </Section>
    </Page>
  );
}
