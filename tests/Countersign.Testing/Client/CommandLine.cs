using System.Diagnostics;
using System.Text;

namespace Countersign.Testing;

/// <summary>What a finished program said. Bytes are kept one to one as Latin-1 characters.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string Both => Output + Error;
}

/// <summary>Runs a program to its end, bounded in time, and kills it when the time is up.</summary>
public static class CommandLine
{
    public static async Task<CommandResult> Run(
        string program, IEnumerable<string> arguments, byte[]? input = null, TimeSpan? within = null)
    {
        using var process = Start(program, arguments);
        var output = ReadAll(process.StandardOutput.BaseStream);
        var error = ReadAll(process.StandardError.BaseStream);
        await Feed(process, input);
        try
        {
            await process.WaitForExitAsync(Deadline.Token(within));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end; it said:\n{await output}{await error}");
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }

    public static Process Start(string program, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(Prerequisite.Require(program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1,
            StandardErrorEncoding = Encoding.Latin1,
            WorkingDirectory = folder ?? "",
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }

    private static async Task Feed(Process process, byte[]? input)
    {
        try
        {
            var stream = process.StandardInput.BaseStream;
            await stream.WriteAsync(input ?? []);
            await stream.FlushAsync();
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading it all: its exit code and words tell.
        }
    }

    private static async Task<string> ReadAll(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return Encoding.Latin1.GetString(all.GetBuffer(), 0, (int)all.Length);
    }
}
