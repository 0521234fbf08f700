using Countersign;
using Countersign.Commands;
using Countersign.Commands.Serve;
using Countersign.Native;

StandardStream.Install();
if (OpenSslLibrary.Problem is { } problem)
{
    Console.Error.WriteLine($"countersign: [emerg] {problem}");
    return 1;
}
if (Verbs.Has(args))
{
    return Verbs.Run(args);
}
var arguments = NginxArguments.Parse(args);
if (arguments.Error is { } wrong)
{
    Console.Error.WriteLine($"countersign: {wrong}\nSee: countersign -h");
    return 1;
}
if (arguments.ShowVersion)
{
    Console.Error.WriteLine(arguments.ShowHelp ? ProgramVersion.Help : arguments.ShowConfigure ? ProgramVersion.Long : ProgramVersion.Line);
    if (!arguments.TestConfiguration)
    {
        return 0;
    }
}
if (arguments.TestConfiguration)
{
    using var output = StandardStream.Output;
    return OutputException.Guard(1, () => TestCommand.Run(arguments, Console.Error, output));
}
return arguments.Signal is null ? ServeCommand.Run(arguments, args, Console.Error) : SignalCommand.Run(arguments, Console.Error);
