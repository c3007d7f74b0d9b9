import type { Page } from './page.js';
import { approvalPages, type ApprovalPagesDependencies } from './pages/approvals.js';
import { entryPages, type EntryPagesDependencies } from './pages/entry.js';
import { evidencePage, type EvidenceSource } from './pages/evidence.js';
import { personPages } from './pages/person.js';
import { firstPage, languagePage, searchPage, type SearchPageDependencies } from './pages/search.js';
import { signInPages, type SignInPagesDependencies } from './pages/sign-in.js';

export type PageTableDependencies = SignInPagesDependencies &
  SearchPageDependencies &
  EntryPagesDependencies &
  ApprovalPagesDependencies & { readonly evidence: EvidenceSource };

/** Returns every page. */
export function pageTable(dependencies: PageTableDependencies): readonly Page[] {
  return [
    firstPage,
    languagePage,
    ...signInPages(dependencies),
    searchPage(dependencies),
    ...personPages(dependencies),
    ...entryPages(dependencies),
    evidencePage(dependencies),
    ...approvalPages(dependencies),
  ];
}
