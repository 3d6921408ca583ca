import { z } from 'zod';
import { idSchema, sha256Schema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { fileSchema, seatIdSchema, stagedFileSchema } from './shapes.ts';

const nothing = z.object({});

/** A file that is being taken in. */
export const importProgressSchema = z.object({
  importId: idSchema,
  name: z.string(),
  /** Null where whoever gives it did not say. */
  sizeBytes: z.int().nullable(),
  movedBytes: z.int(),
  bytesPerSecond: z.int().nullable(),
  secondsLeft: z.int().nullable(),
  /** `waiting_for_room`: the disk is full; it goes on by itself when there is room. */
  state: z.enum(['reading', 'waiting_for_room']),
});
export type ImportProgress = z.infer<typeof importProgressSchema>;

/** Why no file moves by itself. */
export const pauseReasonSchema = z.enum(['person', 'metered']);

export const transferStateSchema = z.object({
  /** Null while files move by themselves. What a person asks for comes all the same. */
  pausedBecause: pauseReasonSchema.nullable(),
  /** What the interface, or the system, last said of this connection. */
  isMetered: z.boolean(),
  /** Of all seats together. */
  up: z.object({
    waitingFiles: z.int(),
    waitingBytes: z.int(),
    bytesPerSecond: z.int(),
    secondsLeft: z.int().nullable(),
  }),
  down: z.object({
    waitingFiles: z.int(),
    waitingBytes: z.int(),
    bytesPerSecond: z.int(),
    secondsLeft: z.int().nullable(),
  }),
  /** Where no room is left on a disk, which it was, in words; it goes on by itself when there is room. */
  roomProblem: z.string().nullable(),
});
export type TransferState = z.infer<typeof transferStateSchema>;

export const fileSpaceSchema = z.object({
  /** All contents on this computer, each once. */
  usedFiles: z.int(),
  usedBytes: z.int(),
  /** What can be freed and fetched again: on the server, and of no task that is kept offline. */
  freeableFiles: z.int(),
  freeableBytes: z.int(),
  /** On the server as well, and here since their task is due or kept offline: freed when asked for by name. */
  keptFiles: z.int(),
  keptBytes: z.int(),
  /** Here alone: not freed, whoever asks. */
  onlyHereFiles: z.int(),
  onlyHereBytes: z.int(),
  /** What earlier downloads that were not finished left; they go on from there. */
  unfinishedBytes: z.int(),
  /** What is left on the disk; null where it cannot be told. */
  diskFreeBytes: z.int().nullable(),
  /** Contents that the disk changed, by the name under which they are used: set aside, so that nobody uses them. */
  damaged: z.array(z.object({ sha256: sha256Schema, name: z.string() })),
});
export type FileSpace = z.infer<typeof fileSpaceSchema>;

export const offlineSchema = z.object({
  /** What the person chose; null where they chose nothing, and whether the task is due decides. */
  isPinned: z.boolean().nullable(),
  isKept: z.boolean(),
  files: z.int(),
  filesHere: z.int(),
  filesOnServer: z.int(),
  sizeBytes: z.int(),
  bytesHere: z.int(),
});
export type Offline = z.infer<typeof offlineSchema>;

export const fileRequests = {
  'files.imports': defineRequest(
    'What is being taken in now, with how far it is',
    nothing,
    z.array(importProgressSchema),
  ),
  'files.cancelImport': defineRequest(
    'Ends the taking in of one file; nothing of it stays. Harmless where it is over',
    z.object({ importId: idSchema }),
    z.object({ wasCancelled: z.boolean() }),
  ),
  'files.importPaths': defineRequest(
    'Takes in files and whole folders of this machine; a file of a folder is named by its path within it',
    z.object({ paths: z.array(z.string().min(1)).min(1).max(1000) }),
    z.object({
      files: z.array(stagedFileSchema),
      /** What was left out, with the reason in words: links, devices, what could not be read. */
      skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
    }),
    'local',
  ),
  'files.space': defineRequest(
    'How much of this computer the files use, and what of it can be freed',
    nothing,
    fileSpaceSchema,
  ),
  'files.free': defineRequest(
    'Removes files from this computer that are on the server; with `includesKept` those too that are kept offline',
    z.object({ includesKept: z.boolean().default(false) }),
    z.object({ freedFiles: z.int(), freedBytes: z.int() }),
  ),
  'files.check': defineRequest(
    'Reads every file on this computer, sets aside what the disk changed and fetches it again where it can be had',
    nothing,
    z.object({
      checkedFiles: z.int(),
      damaged: z.array(
        z.object({ sha256: sha256Schema, name: z.string(), isFetchedAgain: z.boolean() }),
      ),
    }),
  ),
  'files.offline': defineRequest(
    "Whether a task's files are kept on this computer, and how many are here",
    z.object({ seatId: seatIdSchema, taskId: idSchema }),
    offlineSchema,
  ),
  'files.keepOffline': defineRequest(
    "Keeps a task's files on this computer, or leaves them on the server; null: as long as the task is due",
    z.object({
      seatId: seatIdSchema,
      taskId: idSchema,
      isPinned: z.boolean().nullable(),
      /** Removes at once what need not stay: it is on the server, and no other task keeps it here. */
      frees: z.boolean().default(false),
    }),
    offlineSchema.extend({ freedBytes: z.int() }),
  ),
  'files.keepFile': defineRequest(
    "Keeps one file on this computer, or removes it and leaves it on the server; null: as its task's files are",
    z.object({
      seatId: seatIdSchema,
      attachmentId: idSchema,
      isPinned: z.boolean().nullable(),
    }),
    z.object({ file: fileSchema, freedBytes: z.int() }),
  ),
  'files.fetchTask': defineRequest(
    "Brings all of a task's files that the server has to this computer, whatever their size",
    z.object({ seatId: seatIdSchema, taskId: idSchema }),
    offlineSchema,
  ),
  'transfers.cancelFetch': defineRequest(
    'Ends the fetching of a content; it comes when it is asked for again, or the program is started anew',
    z.object({ seatId: seatIdSchema, sha256: sha256Schema }),
    z.object({ wasCancelled: z.boolean() }),
  ),
  'transfers.cancelUpload': defineRequest(
    "Ends the sending of a draft's file, and forgets what the server has of it, once it can be reached; it goes up when it is handed in",
    z.object({
      seatId: seatIdSchema,
      sha256: sha256Schema,
      /** Whether it is removed from the drafts that hold it, too. */
      removesFromDraft: z.boolean(),
    }),
    z.object({ wasCancelled: z.boolean(), detached: z.array(idSchema) }),
  ),
  'transfers.state': defineRequest(
    'Whether files move by themselves, how fast, and how long it still takes',
    nothing,
    transferStateSchema,
  ),
  'transfers.pause': defineRequest(
    'Stops files from moving by themselves until `transfers.resume`',
    nothing,
    transferStateSchema,
  ),
  'transfers.resume': defineRequest(
    'Lets files move again, on a metered connection too, as long as it is this one',
    nothing,
    transferStateSchema,
  ),
  'transfers.reportConnection': defineRequest(
    'Tells what the system says of the connection: metered, or where data is to be saved',
    z.object({ isMetered: z.boolean() }),
    nothing,
  ),
} as const;
