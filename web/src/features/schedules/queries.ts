import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, query } from '../../api/client';
import type { CalendarFeed, CalendarImported, NewCalendarFeed, Page, Schedule, SchedulePreview, ScheduleRun, Task } from '../../api/types';
import { newKey } from '../../lib/keys';

const AT_ONCE = 50;
const EVERY_MS = 15_000;

export const schedulesQuery = infiniteQueryOptions({
  queryKey: ['schedules'],
  queryFn: ({ pageParam, signal }) => api.get<Page<Schedule>>(`/schedules${query({ limit: AT_ONCE, cursor: pageParam })}`, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next_cursor,
  refetchInterval: EVERY_MS,
});

export function runsQuery(id: string) {
  return queryOptions({ queryKey: ['schedules', 'runs', id], queryFn: ({ signal }) => api.get<Page<ScheduleRun>>(`/schedules/${id}/runs?limit=20`, signal), refetchInterval: EVERY_MS });
}

export interface Times {
  cron: string;
  time_zone: string;
}

/** What times come to; nothing is made. */
export function previewQuery(times: Times) {
  return queryOptions({
    queryKey: ['schedule-preview', times],
    queryFn: () => api.post<SchedulePreview>('/schedules/preview', { body: { schedule: times } }),
    enabled: times.cron.trim() !== '',
    retry: false,
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['schedules'] });
}

export type Act = 'pause' | 'resume' | 'delete';

export function useScheduleAct(id: string) {
  return useMutation({
    mutationFn: (act: Act) => (act === 'delete' ? api.delete<Schedule | undefined>(`/schedules/${id}`) : api.post<Schedule>(`/schedules/${id}/${act}`)),
    onSettled: useRefresh(),
  });
}

export interface NewSchedule extends Times {
  what: 'reminder' | 'prompt';
  text: string;
}

export function useMakeSchedule() {
  return useMutation({
    mutationFn: ({ what, text, cron, time_zone }: NewSchedule) =>
      api.post<Task>('/tasks', {
        key: newKey(),
        body: { type: what, description: text.slice(0, DESCRIPTION_MAX), input: what === 'reminder' ? { text } : { message: text }, schedule: { cron, time_zone } },
      }),
    onSettled: useRefresh(),
  });
}

const DESCRIPTION_MAX = 100;

/** Whether other programs can read the calendar. */
export const feedQuery = queryOptions({ queryKey: ['calendar-feed'], queryFn: ({ signal }) => api.get<CalendarFeed>('/schedules/feed', signal) });

function useRefreshFeed() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: feedQuery.queryKey });
}

export function useMakeFeed() {
  return useMutation({ mutationFn: () => api.post<NewCalendarFeed>('/schedules/feed', { body: {} }), onSettled: useRefreshFeed() });
}

export function useEndFeed() {
  return useMutation({ mutationFn: () => api.delete('/schedules/feed'), onSettled: useRefreshFeed() });
}

/** What a calendar file comes to, or would: a dry run makes nothing. */
export function useImport() {
  return useMutation({ mutationFn: (body: { calendar: string; dry_run: boolean }) => api.post<CalendarImported>('/schedules/import', { body }), onSettled: useRefresh() });
}
