import { Counter, Gauge, type Registry } from 'prom-client';

export interface DepositLabels {
  readonly authority: string;
  readonly deposit: string;
}

/** What is counted of deposits. */
export interface DepositFigures {
  /** One deposit, by its way: a file of a folder, or of HTTP; a message of a mailbox, which may be no letter (`aside`). */
  deposited(labels: DepositLabels & { readonly way: 'folder' | 'http' | 'mailbox'; readonly outcome: 'received' | 'already-received' | 'refused' | 'aside' }): void;
  /** What a look into the folder of a deposit found. */
  depositFolder(labels: DepositLabels, figures: { readonly isUp: boolean; readonly waiting: number }): void;
  /** Other folders are looked into from now on. */
  forgetDepositFolders(): void;
  /** What a look into the mailbox of a deposit found. */
  mailbox(labels: DepositLabels, figures: { readonly isUp: boolean; readonly waiting: number }): void;
  /** Other mailboxes are looked into from now on. */
  forgetMailboxes(): void;
}

const LABELS = ['authority', 'deposit'];

/** Adds them to what is counted. */
export function createDepositFigures(registers: Registry[]): DepositFigures {
  const deposits = new Counter({ name: 'relais_deposits_total', help: 'Deposited files, forms and messages, by what became of them', labelNames: [...LABELS, 'way', 'outcome'], registers });
  const folderUp = new Gauge({ name: 'relais_deposit_folder_up', help: 'Whether a deposit could take files from its folder at the last look', labelNames: LABELS, registers });
  const folderFiles = new Gauge({ name: 'relais_deposit_folder_files', help: 'Files that the last look found in the folder of a deposit', labelNames: LABELS, registers });
  const mailboxUp = new Gauge({ name: 'relais_mailbox_up', help: 'Whether a deposit could take messages from its mailbox at the last look', labelNames: LABELS, registers });
  const mailboxMessages = new Gauge({ name: 'relais_mailbox_messages', help: 'Messages that the last look left in the mailbox of a deposit', labelNames: LABELS, registers });
  return {
    deposited: (labels) => { deposits.inc({ ...labels }); },
    depositFolder(labels, { isUp, waiting }) {
      folderUp.set({ ...labels }, Number(isUp));
      folderFiles.set({ ...labels }, waiting);
    },
    forgetDepositFolders() {
      folderUp.reset();
      folderFiles.reset();
    },
    mailbox(labels, { isUp, waiting }) {
      mailboxUp.set({ ...labels }, Number(isUp));
      mailboxMessages.set({ ...labels }, waiting);
    },
    forgetMailboxes() {
      mailboxUp.reset();
      mailboxMessages.reset();
    },
  };
}
