from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schedule", "0008_gather_for_two_minutes"),
    ]

    operations = [
        migrations.AddField(
            model_name="conference",
            name="approves_registrations",
            field=models.BooleanField(
                default=False,
                help_text="Whoever registers then waits for your decision instead of being registered at once.",
                verbose_name="organizers decide about each registration",
            ),
        ),
    ]
