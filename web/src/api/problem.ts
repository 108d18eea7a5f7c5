import type { Problem } from './types';

/** The server answered, and its answer is a refusal or a failure. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
  }
}

/** Nobody answered: no network, or the server is gone for a moment. What was asked may be asked again. */
export class OfflineError extends Error {
  constructor(options?: ErrorOptions) {
    super('offline', options);
    this.name = 'OfflineError';
  }
}

/** Nobody is signed in any more. */
export class SignedOutError extends Error {
  constructor() {
    super('signed out');
    this.name = 'SignedOutError';
  }
}

/** Whether asking the same again later may work. */
export function mayPass(error: unknown): boolean {
  return error instanceof OfflineError || (error instanceof ProblemError && error.problem.retryable);
}

export async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: response.statusText,
    status: response.status,
    detail: '',
    code: 'internal_error',
    request_id: response.headers.get('X-Request-Id') ?? '',
    retryable: response.status >= 500 || response.status === 429,
  };
  try {
    return { ...fallback, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}
