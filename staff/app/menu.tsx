import {
  AuditOutlined,
  BulbOutlined,
  CalendarOutlined,
  CheckSquareOutlined,
  FileTextOutlined,
  HomeOutlined,
  LineChartOutlined,
  MessageOutlined,
  PictureOutlined,
  SendOutlined,
  ShareAltOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { Me, Permission } from '#shared/people.ts';
import type { appTexts } from './texts.ts';

export type MenuPlace = {
  path: string;
  word: keyof typeof appTexts;
  icon: ReactNode;
  needs: Permission | null;
};

const places: readonly MenuPlace[] = [
  { path: '/', word: 'home', icon: <HomeOutlined />, needs: null },
  { path: '/articles', word: 'articles', icon: <FileTextOutlined />, needs: 'article.read' },
  { path: '/media', word: 'media', icon: <PictureOutlined />, needs: 'article.read' },
  { path: '/reviews', word: 'reviews', icon: <CheckSquareOutlined />, needs: 'review.read' },
  { path: '/deliveries', word: 'deliveries', icon: <SendOutlined />, needs: 'delivery.read' },
  { path: '/figures', word: 'figures', icon: <LineChartOutlined />, needs: 'delivery.read' },
  { path: '/inbox', word: 'inbox', icon: <MessageOutlined />, needs: 'inbox.read' },
  { path: '/insight', word: 'insight', icon: <BulbOutlined />, needs: 'inbox.read' },
  { path: '/accounts', word: 'accounts', icon: <ShareAltOutlined />, needs: 'account.read' },
  { path: '/calendar', word: 'calendar', icon: <CalendarOutlined />, needs: 'calendar.read' },
  { path: '/people', word: 'people', icon: <TeamOutlined />, needs: 'people.read' },
  { path: '/audit', word: 'audit', icon: <AuditOutlined />, needs: 'audit.read' },
];

/** The rooms this person may enter, in the order of a working day. */
export function placesFor(me: Me): readonly MenuPlace[] {
  return places.filter((place) => place.needs === null || me.permissions.includes(place.needs));
}

/** The room an address lies in; empty where it lies in none of the menu. */
export function placeOf(path: string): string {
  const found = places.find(
    (place) => place.path !== '/' && (path === place.path || path.startsWith(`${place.path}/`)),
  );
  return found?.path ?? (path === '/' ? '/' : '');
}
