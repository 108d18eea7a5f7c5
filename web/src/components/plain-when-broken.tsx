import { Component, type ReactNode } from 'react';

/** Shows `plain` instead of its children when drawing them fails, as with Markdown nested a thousand levels deep. */
export class PlainWhenBroken extends Component<{ plain: ReactNode; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? this.props.plain : this.props.children;
  }
}
