import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../ui/desk/base.css';
import '../ui/desk/house.css';
import '../ui/desk/page.css';
import '../ui/desk/lists.css';
import '../ui/desk/sign-in.css';
import '../ui/desk/narrow.css';
import { Providers } from './providers.tsx';
import { router } from './router.tsx';

const place = document.getElementById('desk');
if (place === null) throw new Error('the page has no #desk');

createRoot(place).render(
  <StrictMode>
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
