namespace Countersign.Configuration.Tests;

public sealed class RefusalDirectiveTests
{
    private const string Tls = "listen 443 ssl; ssl_certificate a; ssl_certificate_key b; ";

    private static RefusalSettings Server(string inside) => Loading.Server(Tls + inside).Servers[0].Refusals;

    private static RefusalPlan Http(string directives, string main = "") =>
        Loading.Plan($"{main} events {{ }} http {{ {directives} server {{ {Tls} }} }}").Http!.Refusals;

    [Theory]
    [InlineData("", "/var/log/nginx/refusal.log")]
    [InlineData("error_log /srv/gate/errors.txt;", "/srv/gate/refusal.log")]
    [InlineData("error_log stderr; error_log logs/e;", "/usr/share/nginx/logs/refusal.log")]
    public void The_log_is_beside_the_error_log_where_nothing_is_said(string directives, string path) =>
        Server(directives).Log.ShouldBe(new RefusalLogPlan(path, LogLevel.Warn, IsText: false, IsDefault: true));

    [Theory]
    [InlineData("error_log stderr;")]
    [InlineData("error_log /dev/stdout;")]
    [InlineData("error_log /proc/self/fd/2;")]
    [InlineData("refusal_log off;")]
    public void There_is_none_where_it_is_off_or_errors_are_in_no_folder(string directives) => Server(directives).Log.ShouldBeNull();

    [Fact]
    public void A_configuration_without_TLS_has_neither_log_nor_socket()
    {
        var http = Loading.Server("listen 80;");
        http.Servers[0].Refusals.Log.ShouldBeNull();
        http.Refusals.Socket.ShouldBeNull();
    }

    [Fact]
    public void A_log_has_a_path_a_level_and_a_format() =>
        Server("refusal_log logs/r.txt error text;").Log.ShouldBe(new RefusalLogPlan("/usr/share/nginx/logs/r.txt", LogLevel.Error, IsText: true, IsDefault: false));

    [Fact]
    public void A_log_of_the_http_block_counts_in_a_server_that_has_none() =>
        Loading.Plan($"events {{ }} http {{ refusal_log /a; server {{ {Tls} }} server {{ {Tls} refusal_log off; }} }}").Http!.Servers
            .Select(server => server.Refusals.Log?.Path).ShouldBe(["/a", null]);

    [Fact]
    public void The_socket_is_beside_the_pid_file_where_nothing_is_said() => Http("", "pid /run/gate/nginx.pid;").Socket.ShouldBe("/run/gate/countersign.sock");

    [Fact]
    public void The_socket_can_be_off_and_elsewhere()
    {
        Http("refusal_socket off;").Socket.ShouldBeNull();
        Http("refusal_socket /x/y;").Socket.ShouldBe("/x/y");
    }

    [Fact]
    public void The_ledger_keeps_a_thousand_and_writes_no_file_where_nothing_is_said()
    {
        var plan = Http("");
        (plan.Kept, plan.LedgerFile, plan.LogLimit).ShouldBe((1000, null, 100));
    }

    [Fact]
    public void The_ledger_and_the_limit_are_what_they_say()
    {
        var plan = Http("refusal_ledger 5 path=/var/lib/ledger; refusal_log_limit 7;");
        (plan.Kept, plan.LedgerFile, plan.LogLimit).ShouldBe((5, "/var/lib/ledger", 7));
    }

    [Fact]
    public void The_page_shows_the_incident_unless_it_is_off()
    {
        Server("").Page.ShouldBeTrue();
        Server("refusal_page off;").Page.ShouldBeFalse();
    }

    [Theory]
    [InlineData("refusal_log off warn;", "invalid parameter \"warn\"")]
    [InlineData("refusal_log /a loud;", "invalid parameter \"loud\"")]
    [InlineData("refusal_log /a json warn;", "invalid parameter \"json\"")]
    [InlineData("refusal_log /a; refusal_log /b;", "\"refusal_log\" directive is duplicate")]
    [InlineData("refusal_page maybe;", "invalid value \"maybe\" in \"refusal_page\" directive, it must be \"on\" or \"off\"")]
    public void What_makes_no_sense_in_a_server_is_said(string directives, string error) =>
        Loading.Errors($"events {{ }} http {{ server {{ {Tls} {directives} }} }}").ShouldBe([error]);

    [Theory]
    [InlineData("refusal_ledger many;", "\"refusal_ledger\" directive invalid value")]
    [InlineData("refusal_ledger 9999999;", "\"refusal_ledger\" directive invalid value")]
    [InlineData("refusal_ledger 5 file=/a;", "invalid parameter \"file=/a\"")]
    [InlineData("refusal_log_limit x;", "\"refusal_log_limit\" directive invalid number")]
    public void What_makes_no_sense_for_the_gate_is_said(string directives, string error) =>
        Loading.Errors($"events {{ }} http {{ {directives} server {{ {Tls} }} }}").ShouldBe([error]);
}
