using System.CommandLine;
using Countersign.Proxy.Watch;
using Countersign.Refusals;

namespace Countersign.Commands.Bundle;

/// <summary><c>countersign bundle FILE...</c>: what a bundle has, what it lacks, and the same bundle without what is wrong.</summary>
internal static class BundleCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("file") { Description = "certificates and revocation lists, PEM or DER; \"-\" is standard input", Arity = ArgumentArity.OneOrMore };
        var lists = new Option<string[]>("--crl") { Description = "revocation lists: then each authority needs one, as with ssl_crl", HelpName = "file" };
        var fix = new Option<bool>("--fix") { Description = "print the bundle sorted, each once, without leaves and what has ended; the rest goes to standard error" };
        var json = new Option<bool>("--json") { Description = "print one object of JSON (docs/guide/bundle.md)" };
        var command = new Command("bundle", "Print what is in files of trusted certificates, what is missing to reach a root, and what is wrong") { files, lists, fix, json };
        command.SetAction(parsed => Run(parsed.GetValue(files)!, parsed.GetValue(lists) ?? [], parsed.GetValue(fix), parsed.GetValue(json), Console.Out, Console.IsOutputRedirected, Console.Error, TimeProvider.System));
        return command;
    }

    /// <returns>0 when there is nothing to mend, 1 when there is.</returns>
    /// <exception cref="UsageException">A file cannot be read, or the options do not go together.</exception>
    internal static int Run(
        IReadOnlyList<string> files, IReadOnlyList<string> lists, bool fix, bool json, TextWriter output, bool isRedirected, TextWriter error, TimeProvider time)
    {
        if (fix && json)
        {
            throw new UsageException("--fix prints a bundle and --json a report: one at a time", $"countersign bundle --fix {string.Join(' ', files.Select(ShellWord.Of))}");
        }
        if (files.Concat(lists).Count(path => path == "-") > 1)
        {
            throw new UsageException("standard input can be read once", "countersign bundle - < clients.pem");
        }
        var report = Report(files, lists, time);
        if (json)
        {
            output.WriteLine(BundleJson.Of(report));
        }
        else if (fix)
        {
            BundleFix.Write(report, output, error);
        }
        else
        {
            new BundlePrinter(Terminal.To(output, isRedirected)).Write(report);
        }
        return report.HasFaults ? 1 : 0;
    }

    private static BundleReport Report(IReadOnlyList<string> files, IReadOnlyList<string> lists, TimeProvider time)
    {
        var command = $"countersign bundle {string.Join(' ', files.Select(ShellWord.Of))}";
        var read = files.Concat(lists).Select(path => InputFile.Read(path, command)).ToList();
        using var signatures = new CertificateSignatures();
        var bundle = BundleCase.Of(read, time.GetUtcNow(), signatures.IsSigned);
        return BundleReport.Of(bundle with { ChecksRevocation = bundle.ChecksRevocation || lists.Count > 0 });
    }
}
