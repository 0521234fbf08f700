namespace Countersign.Commands;

/// <summary>What was asked for cannot be done: an argument makes no sense, or a file cannot be read.</summary>
internal sealed class UsageException(string message, string next) : CommandException(message, next, ExitCode)
{
    public const int ExitCode = 2;
}
