import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` passes API calls on to a Steward that runs here; another address goes into STEWARD_URL.
const server = process.env['STEWARD_URL'] ?? 'http://127.0.0.1:8080';
const passed = ['/api', '/v1', '/health', '/openapi.json', '/docs', '/swagger-ui'];

export default defineConfig({
  plugins: [react({ babel: { plugins: ['@lingui/babel-plugin-lingui-macro'] } }), lingui()],
  build: {
    target: 'es2022',
    // Names the chunks, for the check of their sizes.
    manifest: true,
    // Everything is a file of its own: data: scripts and inlined assets would need holes in the content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', widget: 'widget.html', host: 'src/widget/host.ts' },
      // Other sites name it in a script tag, so its name stays.
      output: { entryFileNames: (chunk) => (chunk.name === 'host' ? 'widget.js' : 'assets/[name]-[hash].js') },
    },
    sourcemap: false,
    reportCompressedSize: false,
  },
  server: { proxy: Object.fromEntries(passed.map((path) => [path, { target: server, changeOrigin: true }])) },
  test: { environment: 'jsdom', include: ['src/**/*.test.{ts,tsx}'] },
});
