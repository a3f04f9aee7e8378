"""The only writers of submissions. Each action: one transaction, row lock, rule asked, transition, save, audit, signal."""
