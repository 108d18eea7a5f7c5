import { msg } from '@lingui/core/macro';
import type { MessageDescriptor } from '@lingui/core';
import type { IconName } from '../../components/icon';
import type { Command } from '../../lib/commands';

/** Commands that stand in the palette and in the list of shortcuts, in this order. */
export const NAMES: Partial<Record<Command, { name: MessageDescriptor; icon: IconName }>> = {
  palette: { name: msg`Search and commands`, icon: 'search' },
  shortcuts: { name: msg`Keyboard shortcuts`, icon: 'keys' },
  'new-chat': { name: msg`New conversation`, icon: 'plus' },
  search: { name: msg`Search conversations`, icon: 'search' },
  write: { name: msg`Write a message`, icon: 'edit' },
  newest: { name: msg`To the newest message`, icon: 'down' },
  stop: { name: msg`Stop the answer`, icon: 'stop' },
  regenerate: { name: msg`Answer again`, icon: 'again' },
  'copy-answer': { name: msg`Copy the last answer`, icon: 'copy' },
};
