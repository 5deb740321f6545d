import type { ReactNode } from 'react';

/** An empty list says what will stand here and what to do next. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children ? <p className="quiet">{children}</p> : null}
      {action}
    </div>
  );
}
