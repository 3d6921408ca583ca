/**
 * Endings of files that a system runs, or opens in a program that runs what they hold, when a person opens them. From
 * Microsoft's "Blocked attachments in Outlook" and "Macros from the internet are blocked by default in Office" and the
 * freedesktop.org Desktop Entry Specification; installers of macOS and scripts of the usual languages besides.
 */
const runnableEndings: ReadonlySet<string> = new Set(
  [
    // Windows: programs, installers, settings and shortcuts
    'exe com scr pif msi msix msp mst appx appxbundle appinstaller',
    'bat cmd ps1 psm1 psd1 vbs vbe jse wsf wsh wsc sct hta',
    'cpl dll sys ocx drv reg inf gadget msc application diagcab',
    'vb ws ps1xml psc1 shb shs msu appref-ms rdp udl htc ins isp one',
    'lnk url scf library-ms search-ms settingcontent-ms theme website',
    'searchconnector-ms themepack deskthemepack diagcfg diagpkg cab',
    'chm hlp iso img vhd vhdx jnlp xll xbap ade adp accde',
    // macOS
    'app pkg mpkg dmg command tool workflow scpt scptd applescript',
    'terminal osax prefpane qlgenerator saver kext fileloc inetloc webloc',
    // Linux
    'desktop appimage run bin deb rpm flatpak flatpakref snap so elf',
    // Scripts and what a runtime starts
    'sh bash zsh csh ksh fish js mjs cjs ts py pyc pyw pyz',
    'pyo pyzw rb pl php lua tcl r jar class ahk au3 swf xpi crx vsix',
    // Pages run their scripts in a browser, and drawings theirs
    'html htm xhtml mht mhtml shtml svg svgz xml xsl xslt',
    // Office with macros, and add-ins
    'docm dotm xlsm xltm xlsb xlam pptm potm ppsm ppam sldm',
    'doc dot xls xlt xla ppt pot pps ppa slk iqy mdb accdb',
    'odb oxt ipynb',
  ].flatMap((endings) => endings.split(' ')),
);

/** Characters that nobody sees and ends that Windows drops must not hide an ending. */
function findEnding(name: string): string | undefined {
  const visible = name
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll(/[.\s]+$/gu, '')
    .toLowerCase();
  return /\.([^.\s/\\]+)$/u.exec(visible)?.[1];
}

/** Whether opening a file could run something that its sender wrote. */
export function canRun(name: string): boolean {
  const ending = findEnding(name);
  // Without an ending, Unix decides by the content.
  // Windows takes one in braces for the number of a class, and opens the file with the program of that.
  return ending === undefined || ending.startsWith('{') || runnableEndings.has(ending);
}
