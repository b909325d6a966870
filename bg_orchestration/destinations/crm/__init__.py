"""Write-back to CRMs: propose, confirm, apply, undo. A folder holds each CRM."""
