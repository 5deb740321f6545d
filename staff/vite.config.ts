import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The server serves the build under /desk, so every address in it starts there.
export default defineConfig({
  root: 'staff',
  base: '/desk/',
  plugins: [react()],
  build: {
    outDir: '../dist/desk',
    emptyOutDir: true,
    target: 'es2022',
    // Ant Design is one large shared chunk on purpose: it changes only with an upgrade and stays cached.
    chunkSizeWarningLimit: 900,
  },
});
