"""The only writers of submissions. Each action: one transaction, lock, rule asked, transition, save, audit, signal."""
