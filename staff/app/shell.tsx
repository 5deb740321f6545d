import { GlobalOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { roleLabel, signOut } from '#shared/people.ts';
import { Bell } from '../features/notices/bell.tsx';
import { accountTexts } from '../features/session/texts.ts';
import { call } from '../lib/call.ts';
import { setLanguage, useLang, useWords } from '../lib/language.ts';
import { useMe } from '../lib/me.ts';
import { useNarrow } from '../lib/narrow.ts';
import { useSayError } from '../ui/say-error.ts';
import { uiTexts } from '../ui/texts.ts';
import { HealthLine } from './health-line.tsx';
import { type MenuPlace, placeOf, placesFor } from './menu.tsx';
import { appTexts } from './texts.ts';

export function Shell() {
  const w = useWords(appTexts);
  const narrow = useNarrow();
  return (
    <div className={narrow ? 'shell shell-narrow' : 'shell'}>
      <a className="skip" href="#content">
        {w.skip}
      </a>
      {narrow ? <TopLine /> : <SideMenu />}
      <div className="shell-main">
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
        <footer className="shell-foot">
          <HealthLine />
        </footer>
      </div>
      {narrow ? <BottomBar /> : null}
    </div>
  );
}

function PlaceLink({ place, onGo }: { place: MenuPlace; onGo?: () => void }) {
  const w = useWords(appTexts);
  const here = useLocation({ select: (location) => placeOf(location.pathname) }) === place.path;
  return (
    <Link
      to={place.path}
      className={here ? 'place place-here' : 'place'}
      aria-current={here ? 'page' : undefined}
      onClick={onGo}
      data-testid={`menu-${place.word}`}
    >
      {place.icon}
      <span>{w[place.word]}</span>
    </Link>
  );
}

/** A phone has no side menu: name and bell stand above the page. */
function TopLine() {
  const ui = useWords(uiTexts);
  const me = useMe();
  return (
    <div className="top-line">
      <strong>{ui.brand}</strong>
      <span className="quiet">{me.bureau.shortName}</span>
      <Bell />
    </div>
  );
}

function SideMenu() {
  const w = useWords(appTexts);
  const ui = useWords(uiTexts);
  const me = useMe();
  return (
    <aside className="side">
      <div className="side-brand">
        <strong>{ui.brand}</strong>
        <span className="quiet">{me.bureau.shortName}</span>
        <Bell />
      </div>
      <nav aria-label={w.mainMenu}>
        {placesFor(me).map((place) => (
          <PlaceLink key={place.path} place={place} />
        ))}
      </nav>
      <PersonBox />
    </aside>
  );
}

function PersonBox({ onGo }: { onGo?: () => void }) {
  const w = useWords(appTexts);
  const account = useWords(accountTexts);
  const me = useMe();
  const lang = useLang();
  const client = useQueryClient();
  const navigate = useNavigate();
  const sayError = useSayError();
  const leave = async () => {
    try {
      await call(signOut, undefined, { onSignedOut: 'throw' });
    } catch (error) {
      return sayError(error);
    }
    client.clear();
    void navigate({ to: '/sign-in' });
  };
  return (
    <div className="person" data-testid="person-box">
      <div>
        <strong>{me.name}</strong>
        <div className="quiet">
          {me.unit.name} · {me.roles.map((role) => roleLabel(role, lang)).join(' · ')}
        </div>
      </div>
      <div className="person-actions">
        <Button
          size="small"
          icon={<UserOutlined />}
          onClick={() => {
            onGo?.();
            void navigate({ to: '/me' });
          }}
          data-testid="my-account"
        >
          {account.title}
        </Button>
        <Button
          size="small"
          icon={<GlobalOutlined />}
          onClick={() => setLanguage(lang === 'zh' ? 'en' : 'zh')}
          data-testid="language"
        >
          {w.language}
        </Button>
        <Button size="small" icon={<LogoutOutlined />} onClick={() => void leave()} data-testid="sign-out">
          {w.signOut}
        </Button>
      </div>
    </div>
  );
}

const onBar = 4;

function BottomBar() {
  const w = useWords(appTexts);
  const [open, setOpen] = useState(false);
  const places = placesFor(useMe());
  // Phones first need what waits for an answer.
  const first = ['/', '/reviews', '/inbox', '/articles', '/deliveries'];
  const bar = first.flatMap((path) => places.filter((place) => place.path === path)).slice(0, onBar);
  const rest = places.filter((place) => !bar.includes(place));
  return (
    <>
      <nav className="bar" aria-label={w.mainMenu}>
        {bar.map((place) => (
          <PlaceLink key={place.path} place={place} />
        ))}
        <button
          type="button"
          className="place"
          onClick={() => setOpen(true)}
          aria-expanded={open}
          data-testid="menu-more"
        >
          <span aria-hidden="true" className="more-dots">
            ⋯
          </span>
          <span>{w.more}</span>
        </button>
      </nav>
      <Drawer placement="bottom" open={open} onClose={() => setOpen(false)} title={w.more} size="auto">
        <div className="more-places">
          {rest.map((place) => (
            <PlaceLink key={place.path} place={place} onGo={() => setOpen(false)} />
          ))}
        </div>
        <PersonBox onGo={() => setOpen(false)} />
      </Drawer>
    </>
  );
}
