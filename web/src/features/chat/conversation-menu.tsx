import { Menu } from '@base-ui/react/menu';
import { Trans } from '@lingui/react/macro';
import type { RefObject } from 'react';
import type { Conversation } from '../../api/types';
import { Icon } from '../../components/icon';

interface Props {
  button: RefObject<HTMLButtonElement | null>;
  conversation: Conversation;
  onClose: () => void;
  onRename: () => void;
  onChange: (what: { pinned?: boolean; archived?: boolean }) => void;
  onDelete: () => void;
}

/** What can be done with a conversation. Fetched when it is opened for the first time. */
export default function ConversationMenu({ button, conversation, onClose, onRename, onChange, onDelete }: Props) {
  const { pinned, archived } = conversation;
  return (
    <Menu.Root defaultOpen modal={false} onOpenChange={(open) => open || onClose()}>
      <Menu.Portal>
        <Menu.Positioner anchor={button} sideOffset={4} align="end">
          <Menu.Popup className="menu" finalFocus={button}>
            <Menu.Item onClick={onRename}>
              <Icon name="edit" size={16} />
              <Trans>Rename</Trans>
            </Menu.Item>
            <Menu.Item onClick={() => onChange({ pinned: !pinned })}>
              <Icon name="pin" size={16} />
              {pinned ? <Trans>Unpin</Trans> : <Trans>Pin</Trans>}
            </Menu.Item>
            <Menu.Item onClick={() => onChange({ archived: !archived })}>
              <Icon name="archive" size={16} />
              {archived ? <Trans>Take out of the archive</Trans> : <Trans>Put into the archive</Trans>}
            </Menu.Item>
            <Menu.Item onClick={onDelete}>
              <Icon name="trash" size={16} />
              <Trans>Delete</Trans>
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
