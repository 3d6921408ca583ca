import type { PDFDocumentProxy } from 'pdfjs-dist';
// oxlint-disable-next-line import/default -- Vite gives the address of a file as the default export
import workerAddress from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

/** What is asked for at once of a large document. */
const rangeBytes = 256 * 1024;

interface TrustedTypesFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL: (url: string) => string };
}

const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypesFactory };

/** The worker is a file of this program, and nothing else passes. */
const workerPolicy = trustedTypes?.createPolicy('stint-pdf-worker', {
  createScriptURL: (url) => {
    if (url !== workerAddress) throw new TypeError('expected the PDF worker of this program');
    return url;
  },
});

export interface OpenedPdf {
  readonly document: PDFDocumentProxy;
  readonly close: () => void;
}

/**
 * Opens a PDF by range. Drawn by the interface itself, since the browser's viewer runs a document's scripts
 * (`app.alert`); here there is nothing that could run them.
 */
export async function openPdf(
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<OpenedPdf> {
  // Only who looks at a PDF loads the library.
  const { getDocument, PDFWorker } = await import('pdfjs-dist');
  const port = new Worker(workerPolicy?.createScriptURL(workerAddress) ?? workerAddress, {
    type: 'module',
  });
  const worker = PDFWorker.create({ port });
  const task = getDocument({
    worker,
    url: new URL(address, globalThis.location.href).href,
    httpHeaders: { ...headers },
    rangeChunkSize: rangeBytes,
    disableAutoFetch: true,
    disableStream: true,
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
  });
  const close = () => {
    void task.destroy();
    worker.destroy();
    port.terminate();
  };
  try {
    return { document: await task.promise, close };
  } catch (error) {
    close();
    throw error;
  }
}
