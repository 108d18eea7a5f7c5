/// <reference types="vite/client" />
declare module '*.po';
