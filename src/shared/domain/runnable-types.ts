import { computeSafeFileName } from './safe-file-name.ts';

/**
 * Endings of files that a system runs, or mounts or installs what they hold, when a person opens them. From Microsoft's
 * "Blocked attachments in Outlook" and the freedesktop.org Desktop Entry Specification; what macOS starts, and scripts of
 * the usual languages besides.
 */
const programEndings = toSet([
  // Windows: programs, installers, settings and shortcuts
  'exe com scr pif msi msix msixbundle msp mst appx appxbundle appinstaller',
  'bat cmd ps1 ps2 psm1 psd1 ps1xml ps2xml psc1 psc2 psrc cdxml vb vbs vbe vbp jse ws wsf wsh wsc sct hta',
  'msh msh1 msh2 mshxml msh1xml msh2xml bas fxp prg',
  'cpl dll sys ocx drv reg inf ins isp its gadget msc application appref-ms diagcab diagcfg diagpkg ppkg wsb',
  'lnk url scf shb shs library-ms search-ms searchconnector-ms settingcontent-ms appcontent-ms website mad maf mag mam',
  'maq mar mas mau mav maw mcf mda mde mdt mdw mdz theme themepack deskthemepack rdp msu udl htc cab',
  'osd plg pcd prf printerexport scx grp contact group vsmacros vsw xnk xbap cdmp crt cer der',
  'chm hlp cnt iso img vhd vhdx jnlp xll wll ade adp accde',
  // macOS
  'app pkg mpkg dmg sparseimage sparsebundle command tool workflow action scpt scptd applescript terminal osax',
  'prefpane qlgenerator saver kext bundle plugin component mdimporter wdgt dylib service mobileconfig configprofile',
  'provisionprofile fileloc inetloc webloc afploc ftploc vncloc mailloc',
  // Linux
  'desktop kdelnk appimage run bin deb rpm flatpak flatpakref flatpakrepo snap so ko elf',
  // Scripts and what a runtime starts
  'sh bash zsh csh ksh fish js mjs cjs py pyc pyw pyz pyo pyzw rpy rb rbw pl lua tcl',
  'jar ahk au3 swf xpi crx vsix asp aspx',
]);

/** Endings of documents that may bring along something which the program that shows them runs. */
const activeDocumentEndings = toSet([
  // Pages run their scripts in a browser, and drawings theirs
  'html htm xhtml mht mhtml shtml svg svgz xml xsl xslt webarchive',
  // Sources that the usual program shows, and some computers run
  'ts r php class',
  // Office with macros, and add-ins: "Macros from the internet are blocked by default in Office"
  'docm dotm xlsm xltm xlsb xlam xlm xlw pptm potm ppsm ppam sldm vsdm vssm vstm pub one',
  'doc dot docb xls xlt xla ppt pot pps ppa slk iqy dqy oqy rqy mdb accdb accda accdr accdt accdu',
  'odb oxt ipynb',
]);

function toSet(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((endings) => endings.split(' ')));
}

/** Characters that nobody sees and ends that Windows drops must not hide an ending. */
function findEnding(name: string): string | undefined {
  const visible = name
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll(/[.\s]+$/gu, '')
    .toLowerCase();
  return /\.([^.\s/\\]+)$/u.exec(visible)?.[1];
}

/** As the name came, and as the file is called on the disk: what is taken out of a name there must not make an ending of it. */
const listEndings = (name: string): readonly (string | undefined)[] =>
  [name, computeSafeFileName(name)].map(findEnding);

// Windows takes one in braces for the number of a class, and opens the file with the program of that.
const isProgramEnding = (ending: string | undefined): boolean =>
  ending !== undefined && (ending.startsWith('{') || programEndings.has(ending));

/** Whether opening a file is running it: a program, a script, a shortcut, an installer or a disk. */
export const isProgram = (name: string): boolean => listEndings(name).some(isProgramEnding);

/** Whether opening a file could run something that its sender wrote. */
export const canRun = (name: string): boolean =>
  listEndings(name).some(
    (ending) =>
      // Without an ending, Unix decides by the content.
      ending === undefined || isProgramEnding(ending) || activeDocumentEndings.has(ending),
  );
