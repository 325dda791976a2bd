"""The commands of `countersign policy`."""

from gateway.commands.command_table import Command, group_of

policy_commands = group_of(
    "Policies: checked, tried on their examples, and their versions.",
    (
        Command(
            "check",
            "policy_check:check",
            "Read every policy, prompt and shared part; each mistake is named with its file, line and field.",
        ),
        Command(
            "test",
            "policy_tests:run_all_examples",
            "Run the policies' examples through the real redaction, and show what rules by example catch.",
        ),
        Command(
            "schema",
            "policy_schemas:schema",
            "Print the JSON Schema of a policy, of shared parts, of a prompt's first lines or of countersign.yaml.",
        ),
        Command(
            "history",
            "policy_versions:history",
            "Every version that was ever in force, newest first: since when, by whom, and what it weakened.",
        ),
        Command(
            "show",
            "policy_versions:show",
            "Every word of a version: its files as they are written, and what they leave to defaults.",
        ),
        Command(
            "diff",
            "policy_versions:diff",
            "What differs, field by field; what guards less is marked with `weaker`.",
        ),
        Command(
            "rollback",
            "policy_versions:rollback",
            "Write the files of an earlier version back. They come into force as any other change does.",
        ),
        Command(
            "retire",
            "policy_versions:retire",
            "Retire a policy: nobody can ask under it any more. Removing its file does not do that.",
        ),
        Command(
            "new",
            "policy_new:new",
            "Ask for what a policy has to say, and write a commented file, its prompt and two examples.",
        ),
        Command(
            "replay",
            "policy_replay:replay_changes",
            "Put the advice of the past before changed policies: what would be refused, redacted, held or said"
            " otherwise.",
        ),
    ),
)
