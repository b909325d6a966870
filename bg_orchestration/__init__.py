"""Buyer groups as Dagster assets, refreshed by the person changes that providers push.

The exceptions of the project; a test compares this tree with the code:

* SettingsError: a variable has an invalid value. (provider_settings)
  + AddressError: an address of the notifications is invalid. (destinations.notifications)
  + SuppressionKeyError: the key of the suppression list is missing or wrong. (privacy)
* ExportError: the warehouse tables cannot be exported. (destinations)
* CrmError: a CRM cannot be used now; nothing more is written. (destinations)
* UnclearWriteError: a write in a CRM has no clear answer. (destinations)
* SecretsError: a webhook secret is invalid. (webhooks)
* ProfileError: a seller profile or the policy is invalid. (profiles)
* FileError: an imported file cannot be read. (importing)
* SchemaError: the database has no tables, or those of another version. (store)
* LockOrderError: a transaction takes locks in the wrong order; a fault of the program. (store)
* LeaseLostError: another run has the lease of the company. (refreshes)
* UnknownEventError: an event to replay is missing, or still in flight. (intake)
* MergeError: two companies cannot be merged. (intake)
* UnreadableBodyError: a body is not one JSON document in UTF-8. (intake)
* InvalidEventError: the JSON is no event of the contract. (intake)
* ProviderError: a provider call brought no answer. (ledger)
  + ProviderAwayError: a temporary fault.
  + ProviderStoppedError: a person must act first.
  + CallRefusedError: this one call has no answer.
  + SchemaDriftError: an answer breaks the provider's documentation.
* BudgetSpentError: the call could exceed the daily budget. (ledger)
* UnknownWebsiteError: a company has no web domain of its own. (providers)
* UnreadableFindingsError: a research answer has the wrong form. (providers)
* SubscriptionError: a subscription is impossible now. (providers)
* RefusedError: a request is not proven to come from its source. (webhooks)
* BodyError: the body of a request is refused. (webhooks)
* NotStoredError: an event could not be committed. (webhooks)
* ListenError: the receiver cannot listen at its address. (webhooks)
* NoDagsterStorageError: Dagster's storage is not configured. (ops)
* SystemStartError: `bg up` cannot start. (ops)
"""
