import { Toast } from '@base-ui/react/toast';
import { useLingui } from '@lingui/react/macro';
import { Icon } from './icon';

/** Short news that nobody has to answer; a button in it takes back what was done. */
export const news = Toast.createToastManager();

export function Toasts() {
  const { t } = useLingui();
  return (
    <Toast.Provider toastManager={news} timeout={8000}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <Shown close={t`Close`} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Shown({ close }: { close: string }) {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <Toast.Title render={<span />} />
      <span className="row">
        {toast.actionProps !== undefined && <Toast.Action className="button small" />}
        <Toast.Close className="button plain icon small" aria-label={close}>
          <Icon name="close" size={16} />
        </Toast.Close>
      </span>
    </Toast.Root>
  ));
}
