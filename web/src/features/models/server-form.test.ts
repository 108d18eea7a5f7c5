import { describe, expect, it } from 'vitest';
import { isNearby, suggestedName } from './server-form';

describe('a model server', () => {
  it('is near when its address is private', () => {
    for (const url of ['http://127.0.0.1:11434', 'localhost:1234', 'http://192.168.1.7', 'http://172.20.0.2', 'http://nas:8000', 'http://gpu.local']) {
      expect(isNearby(url), url).toBe(true);
    }
    for (const url of ['https://api.openai.com/v1', 'http://8.8.8.8', 'http://172.32.0.1']) expect(isNearby(url), url).toBe(false);
  });

  it('is called after its host, and never as another one', () => {
    expect(suggestedName('openai', 'https://api.openai.com/v1', [])).toBe('openai');
    expect(suggestedName('openai', 'https://openrouter.ai/api/v1', ['openrouter'])).toBe('openrouter-2');
    expect(suggestedName('openai', 'http://127.0.0.1:8000/v1', [])).toBe('server');
    expect(suggestedName('ollama', 'http://127.0.0.1:11434', ['ollama', 'ollama-2'])).toBe('ollama-3');
    expect(suggestedName('openai', 'not an address', [])).toBe('server');
  });
});
