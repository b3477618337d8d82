"""Drives python-helpscout-v2 2.0.0 and its continuation python-helpscout 2.0.2: one API, `helpscout.HelpScout`.

The host is the constructor's ``base_url``. The client knows no endpoint by name, so this walks them all. A create gives
back nothing (the headers are dropped), so what was made is found again by searching for it.
"""

import conversations
import customers
import inboxes
import organizations
import people
import reports
import threads
import webhooks
import workflows
from desk import Desk
from steps import main

STEPS = (
    people.refuses_a_wrong_secret,
    people.gets_a_token_and_renews_a_stale_one,
    people.lists_users,
    people.gets_the_owner_of_the_application,
    people.gets_and_filters_users,
    people.creates_and_deletes_a_user,
    people.sets_a_user_away_and_back,
    people.lists_teams_and_their_members,
    inboxes.lists_inboxes,
    inboxes.lists_folders,
    inboxes.lists_custom_fields,
    inboxes.configures_routing,
    inboxes.keeps_saved_replies,
    inboxes.lists_tags,
    customers.creates_a_customer_with_everything,
    customers.refuses_a_second_customer_with_the_address,
    customers.lists_and_filters_customers,
    customers.overwrites_and_patches_a_customer,
    customers.keeps_a_customers_entries,
    customers.keeps_a_customers_address,
    customers.looks_a_customer_up_by_exact_address,
    organizations.keeps_organizations,
    organizations.has_members_by_their_address,
    organizations.keeps_property_definitions,
    organizations.keeps_property_values,
    organizations.deletes_properties_and_organizations,
    conversations.creates_a_conversation_with_everything,
    conversations.creates_chats_calls_and_imported_history,
    conversations.tells_all_that_is_wrong_with_a_new_conversation,
    conversations.pages_through_all_conversations,
    conversations.reads_a_conversation_through_v3,
    conversations.filters_conversations,
    conversations.sorts_conversations,
    conversations.embeds_threads,
    conversations.answers_for_unknown_conversations,
    conversations.changes_subject_status_and_owner,
    conversations.changes_the_customer,
    conversations.moves_to_another_inbox_and_back,
    conversations.replaces_tags,
    conversations.replaces_custom_fields,
    conversations.snoozes_and_wakes,
    threads.adds_threads_of_each_kind,
    threads.edits_and_hides_a_thread,
    threads.schedules_a_draft,
    threads.publishes_a_draft_conversation,
    threads.keeps_attachments,
    threads.has_no_original_source_for_what_came_through_the_api,
    workflows.lists_workflows,
    workflows.switches_a_workflow_off_and_on,
    workflows.runs_a_workflow,
    threads.deletes_a_conversation,
    threads.deletes_a_customer_with_their_conversations,
    webhooks.keeps_webhooks,
    reports.reads_reports,
    reports.reads_a_series,
)

if __name__ == "__main__":
    main(STEPS, (), Desk)
