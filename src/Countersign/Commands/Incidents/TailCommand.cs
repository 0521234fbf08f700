using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Refusals;

namespace Countersign.Commands.Incidents;

/// <summary><c>countersign tail</c>: the refusals of a running gate as they happen.</summary>
internal static class TailCommand
{
    public static Command Create()
    {
        var (file, prefix) = RefusalSource.Options();
        var json = new Option<bool>("--json") { Description = "print lines of JSON (docs/refusal-log.md)" };
        var command = new Command("tail", "Print every refusal of a running gate as it happens, until Ctrl-C") { file, prefix, json };
        command.SetAction((parsed, cancellation) => Task.Run(
            () => Run(RefusalSource.Of(parsed.GetValue(file), parsed.GetValue(prefix)), parsed.GetValue(json), cancellation),
            CancellationToken.None));
        return command;
    }

    /// <returns>0 after Ctrl-C, or when nobody reads on.</returns>
    /// <exception cref="IncidentException">There is no gate, or it has ended.</exception>
    private static int Run(RefusalSource source, bool json, CancellationToken cancellation)
    {
        var command = $"countersign tail{source.Selection}";
        using var gate = GateSocket.Ask(source, "tail", command);
        using var registration = cancellation.Register(gate.Interrupt);
        var printer = RefusalPrinter.ForTerminal();
        while (ReadLine(gate) is { } line)
        {
            Print(line, json, source, printer);
            if (StandardStream.IsOutputUnread)
            {
                return 0;
            }
        }
        return cancellation.IsCancellationRequested ? 0 : throw new IncidentException("the gate has ended, or lines were not read as fast as they came", command);
    }

    private static void Print(string line, bool json, RefusalSource source, RefusalPrinter printer)
    {
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.TryGetProperty("following", out _))
        {
            // For whoever waits in front of an empty screen, and not for what reads a pipe.
            Console.Error.WriteLine($"refusals of the gate at {source.Socket}; countersign incident ID{source.Selection} has one in full");
        }
        else if (json)
        {
            printer.WriteLine(line);
        }
        else if (document.RootElement.TryGetProperty("left_out", out var count))
        {
            printer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count.GetInt64()} more were left out (refusal_log_limit)"));
        }
        else if (RefusalJsonReader.Read(Encoding.UTF8.GetBytes(line)) is { Id.Length: > 0 } entry)
        {
            printer.WriteLine(entry);
        }
    }

    // Interrupted from another thread, the stream is gone in the middle of the read.
    private static string? ReadLine(GateSocket gate)
    {
        try
        {
            return gate.ReadLine();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }
}
