import { Link, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ComponentProps, ReactNode } from 'react';
import { deskPath } from '../lib/address.ts';

type ToProps = { href: string; children: ReactNode; className?: string; testId?: string };

/** A link inside the desk, by a plain path. */
export function To({ href, children, className, testId }: ToProps) {
  return (
    <Link to={deskPath(href)} className={className} data-testid={testId}>
      {children}
    </Link>
  );
}

type ToButtonProps = Omit<ComponentProps<typeof Button>, 'href' | 'onClick'> & { to: string };

/** A link that looks like a button; it stays a real link, so it opens in a new tab when asked. */
export function ToButton({ to: target, ...rest }: ToButtonProps) {
  const navigate = useNavigate();
  const path = deskPath(target);
  return (
    <Button
      {...rest}
      href={`/desk${path}`}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        const [to = path, query] = path.split('?');
        void navigate({ to, search: Object.fromEntries(new URLSearchParams(query)) });
      }}
    />
  );
}
